"""Made-up cards, in the shapes that the audit room hands to templates: for the styleguide and for tests of pages."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from audits.audit.tell.shapes import (
    AccountLine,
    Bar,
    Belief,
    Card,
    ChangeLine,
    Choice,
    Day,
    First,
    Group,
    ItemCard,
    Kind,
    Mark,
    Month,
    OverTime,
    Overview,
    Page,
    PartyCard,
    PartyItem,
    PartyRow,
    PasteCard,
    Place,
    Plan,
    Progress,
    Row,
    RungCard,
    StepBlock,
    StepCard,
    Tally,
    Timeline,
    Way,
    WhoGroup,
    WhoView,
)


def uid(number: int) -> UUID:
    """A steady id: specimens stay the same from run to run."""
    return UUID(int=(4 << 76) + (8 << 60) + number)


def row(number: int, title: str, saw: str = "", mark: Mark = Mark.LOOK) -> Row:
    return Row(
        finding=uid(number),
        place="ab12cd34ef",
        check_id="drive_wide_apps",
        title=title,
        mark=mark,
        mark_word="Needs a look",
        group="files",
        saw=saw,
        minutes="5 min",
        notice="Nobody is told, as far as we know",
        how="Seen live, 23 November",
    )


def short(number: int, title: str, mark: Mark = Mark.UNCHECKED, how: str = "4 min to look") -> Row:
    return replace(row(number, title, mark=mark), how=how)


LOOK = Group(
    mark=Mark.LOOK,
    id="look",
    title="Needs a look",
    note="",
    count=3,
    kinds=(
        Kind(
            id="files",
            name="Files",
            icon="i-file",
            rows=(
                replace(row(1, "Apps that can read all your Drive files", "4 apps. You know one of them."), new=1),
                row(2, "Files one person can open", "j.marsh@mail.test, whom you named, can open 38 of your files."),
            ),
        ),
        Kind(
            id="pictures",
            name="Pictures",
            icon="i-picture",
            rows=(row(3, "Pictures anyone with the link can open", "12 pictures, in 2 folders of your Drive."),),
        ),
    ),
)
UNKNOWN = Group(
    mark=Mark.UNKNOWN,
    id="unknown",
    title="Could not tell",
    note="This does not mean that something is wrong. It means we could not see.",
    count=1,
    kinds=(
        Kind(
            id="signin",
            name="Sign-in",
            icon="i-steps",
            rows=(row(4, "2-step sign-in", "No app can ask Google this about a personal account.", Mark.UNKNOWN),),
        ),
    ),
)
FINE = Group(
    mark=Mark.FINE,
    id="fine",
    title="Looks fine",
    note="In what we looked at, on the day we looked.",
    count=1,
    short=(replace(row(5, "Pictures in the bin", "We saw none.", Mark.FINE)),),
)
UNCHECKED = Group(
    mark=Mark.UNCHECKED,
    id="unchecked",
    title="Not checked yet",
    note="These you look at yourself, with us beside you. There is no hurry.",
    count=7,
    short=tuple(short(10 + n, "Phones that send pictures to Google Photos") for n in range(5)),
    more=tuple(short(20 + n, "Backup of your pictures") for n in range(2)),
)
LEFT = Group(
    mark=Mark.LEFT,
    id="left",
    title="Left as it is for now",
    note="",
    count=1,
    short=(short(30, "App passwords", Mark.LEFT, "You left this on 26 October."),),
)
CHANGES = (
    ChangeLine(kind="new", word="New", name="QuizTown Results", text="Can read every file in your Drive."),
    ChangeLine(kind="gone", word="Gone", name="Beach 2019", text="Pictures anyone with the link can open"),
    ChangeLine(kind="changed", word="Changed", name="Budget", text="Open to 3 people. It was 5."),
    ChangeLine(
        kind="blind",
        word="Could not compare",
        name="Files one person can open",
        text="2 things that were here before could not be read.",
    ),
)
ACCOUNT = AccountLine(
    public_id=uid(90), email="maya@gmail.test", state="working", state_sentence="Connected.", reconnect=False
)
FIRST = First(
    finding=uid(1),
    place="ab12cd34ef",
    title="Two apps can read every file in your Drive",
    text="You have not said yet whether you know them. As far as we know, nobody is told when you remove an app.",
    minutes="About 5 minutes",
    notice="Nobody is told, as far as we know",
    undo="Can be undone",
    action="Look at these apps",
    another=True,
    mark=Mark.LOOK,
    mark_word="Needs a look",
)
PLAN = Plan(
    next=(
        replace(row(1, "Apps that can read all your Drive files", "4 apps. You know one of them."), new=1),
        row(2, "Files one person can open", "j.marsh@mail.test, whom you named, can open 38 of your files."),
        replace(row(4, "2-step sign-in", "You looked on 26 October.", Mark.FINE), due=True, mark_word="Looks fine"),
    ),
    places=(
        Place(
            id="google",
            name="Google account",
            icon="i-key",
            rows=(row(3, "Pictures anyone with the link can open", "12 pictures, in 2 folders of your Drive."),),
            look=1,
        ),
        Place(
            id="whatsapp",
            name="WhatsApp",
            icon="i-say",
            rows=(
                short(11, "Devices linked to your WhatsApp"),
                replace(short(12, "Locked and hidden chats"), finding=None, reading=True),
            ),
        ),
    ),
    fine=FINE.short,
    left=LEFT.short,
    elsewhere=12,
)
OVERVIEW = Overview(
    heading="What we saw today",
    lead="Monday 23 November at 09:12, for maya@gmail.test",
    accounts=(ACCOUNT,),
    progress=None,
    first=FIRST,
    tally=Tally(look=3, fine=1, unknown=1, unchecked=7, left=1),
    groups=(LOOK, UNKNOWN, FINE, UNCHECKED, LEFT),
    since="Since 26 October",
    changes=CHANGES,
    more_changes=True,
    last_failed="",
    plan=PLAN,
    looked=True,
    asked=True,
    today="23 November 2026",
)
EMPTY = replace(
    OVERVIEW,
    looked=False,
    asked=False,
    begin=True,
    heading="Nothing looked at yet",
    lead="Nothing happens until you start.",
    first=None,
    tally=None,
    groups=(),
    since="",
    changes=(),
    more_changes=False,
)
WAITING = Progress(
    state="queued",
    done=0,
    total=0,
    sentence="Waiting for its turn.",
    active=True,
    waiting_long=False,
    can_cancel=True,
)
WAITING_LONG = replace(WAITING, waiting_long=True)
RUNNING = replace(WAITING, state="running", done=3, total=7, sentence="We have heard from 3 of 7 places.")
FINISHED = replace(RUNNING, state="finished", done=7, sentence="The look is done.", active=False, can_cancel=False)
FAILED = replace(FINISHED, state="failed", sentence="The look did not finish. What we saw before still stands.")
CANCELLED = replace(FINISHED, state="cancelled", sentence="You stopped it. What we saw before still stands.")

PEOPLE = WhoGroup(
    id="people",
    name="People",
    icon="i-person",
    rows=(
        PartyRow(
            key="a" * 32,
            kind="user",
            name="j.marsh@mail.test",
            text="Can open 38 of your files, 11 of them pictures.",
        ),
        PartyRow(key="b" * 32, kind="link", name="Anyone with the link", text="Can open 12 of your pictures."),
    ),
    total=6,
    none_text="",
    none_finding=None,
)
DEVICES = WhoGroup(
    id="devices",
    name="Devices",
    icon="i-device",
    rows=(),
    total=0,
    none_text="We could not see your devices.",
    none_finding=uid(10),
)
LISTED = WhoGroup(
    id="named",
    name="People and devices in your list",
    icon="i-people",
    rows=(
        PartyRow(
            key=str(uid(70)),
            kind="person",
            name="J.",
            text="Can open 38 files, 11 of them pictures or videos.",
            named=True,
            page="named-person",
        ),
        PartyRow(
            key=str(uid(71)),
            kind="device",
            name="the old tablet",
            text="No device of this name was seen or named so far. No app can see all devices.",
            tags=("Device",),
            named=True,
            page="named-device",
        ),
    ),
    total=2,
    none_text="",
    none_finding=None,
)
WHO = WhoView(overview=OVERVIEW, groups=(LISTED, PEOPLE, DEVICES))

CHOICES = (
    Choice(value="known", label="I know this", checked=False),
    Choice(value="unknown", label="I don’t know this", checked=False),
    Choice(value="leave", label="Leave it for now", checked=False),
)


def item(number: int, name: str) -> ItemCard:
    return ItemCard(
        key=f"{number:032x}",
        name=name,
        says="Can read every file. We first saw it on 31 August.",
        link="",
        new=False,
        answer="",
        answered="",
        choices=CHOICES,
    )


NAMED = replace(item(5, "Pixel 6a in the drawer"), says="You named this on 23 November.", told_item=str(uid(77)))


def chosen(value: str) -> tuple[Choice, ...]:
    return tuple(replace(choice, checked=choice.value == value) for choice in CHOICES)


ITEMS = (
    replace(item(1, "QuizTown Results"), new=True, link="https://drive.google.com/file/d/1/view"),
    replace(item(2, "PicPolish"), answer="unknown", answered="You do not know this", choices=chosen("unknown")),
    replace(item(3, "Google Check"), answer="leave", answered="Left for now, 26 October", choices=chosen("leave")),
    replace(item(4, "Backup Buddy"), answer="known", answered="You know this, 3 August", choices=chosen("known")),
)


def rung(name: str, state: str, title: str, state_word: str, text: str) -> RungCard:
    return RungCard(id=name, state=state, title=title, state_word=state_word, text=text, strength="A sign")


RUNGS = (
    rung("admin", "none", "Seen by an administrator", "Not for this account", "Yours is a personal account."),
    rung("live", "stands", "Seen live at Google", "We stand here", "Google Drive itself listed the apps."),
    rung("export", "none", "Read in a copy of your data", "Not in it", "We know of no export that holds such a list."),
    rung("pasted", "open", "Read from a page you pasted", "Not tried", "It would be a sign, with its date."),
    rung("told", "open", "You told us", "Not needed", "Your answers stand beside each app, with the date."),
)
OPEN = StepCard(
    text="Open Google’s page of connected apps. Google may ask for your password.",
    link="https://accounts.google.com/AccountChooser?Email=maya%40gmail.test",
    link_label="Open connected apps at Google",
    where="myaccount.google.com/connections, as maya@gmail.test",
)
FIND = StepCard(number=2, text="Find the app in the list and press See details.")
READ = StepCard(number=3, text="Read what it can reach. If you still want it gone, remove its access there.")
STEPS = (StepBlock(name="", folded=False, steps=(OPEN, FIND, READ)),)
LOOK_STEPS = (
    StepBlock(
        name="iPhone and iPad",
        folded=False,
        steps=(
            StepCard(
                text="Touch your name and scroll down to the list of devices.",
                path=("Settings", "Your name", "Devices on this account"),
            ),
        ),
    ),
    StepBlock(
        name="Android",
        folded=True,
        steps=(StepCard(text="Open the list of devices.", path=("Settings", "Accounts", "Manage")),),
    ),
    StepBlock(name="", folded=False, steps=(FIND,)),
)
BELIEF = Belief(
    claim="A picture that can be seen once is gone after that",
    truth="It can be kept, and nobody is told.",
    so="Send only what you would not mind being kept.",
)
AGAIN = (
    Choice(value="", label="Not for now", checked=True),
    Choice(value="week", label="In a week", checked=False),
    Choice(value="month", label="In a month", checked=False),
)
CARD = Card(
    finding=uid(1),
    place="ab12cd34ef",
    check_id="drive_wide_apps",
    title="Apps that can read all your Drive files",
    mark=Mark.LOOK,
    mark_word="Needs a look",
    lead="We saw four apps that can open every file in your Drive. Two are waiting for your answer.",
    signs=(),
    account="maya@gmail.test",
    minutes="About 5 minutes",
    notice="Nobody is told, as far as we know",
    undo_short="Yes, allow it again",
    how="Seen live today, 09:12",
    items=ITEMS,
    page=Page(number=1, count=1, total=4),
    items_hint="Each app chose its own name. A name with “Google” in it does not mean that Google made it.",
    rungs=RUNGS,
    ladder_hint="Five ways to know, the strongest at the top. We stand on the highest that answered.",
    limit="Apps that reach your Gmail, Photos or contacts but not your Drive.",
    why="An app with this access can open and copy everything in your Drive, for as long as the access stands.",
    notice_long="As far as we know, nobody is told. If someone else uses the app with you, they may ask.",
    notice_tried=False,
    lose="The app stops working with your Drive. What it saved there stays yours.",
    evidence="Take a picture of the page first. Once the app is gone, we cannot see it again.",
    steps=STEPS,
    undo="Open the app again and allow it once more. It will ask for the same access.",
    told=(),
    told_question="",
    told_note="",
    look_steps=(),
    can_look_again=True,
    left=False,
    left_text="",
    source_line="Words last checked on 20 November 2026. Not yet reviewed by a helpline.",
    changes=(),
    progress=None,
)
TOLD = (
    Choice(value="as_it_should_be", label="It is on, and everything there is mine", checked=False),
    Choice(value="something_odd", label="It is on, and something there I do not know", checked=False),
    Choice(value="off", label="It is off", checked=False),
    Choice(value="not_found", label="I could not find it", checked=False),
    Choice(value="leave", label="Leave it for now", checked=False),
)
GUIDED = replace(
    CARD,
    finding=uid(4),
    check_id="two_step",
    title="2-step sign-in",
    mark=Mark.UNKNOWN,
    mark_word="Could not tell",
    lead="We could not tell whether 2-step sign-in is on. That does not mean it is off.",
    signs=("When you signed in, Google said that a password was used. It can say the same with 2-step on.",),
    minutes="About 2 minutes to look",
    how="We do not know yet",
    items=(),
    page=None,
    limit="",
    rungs=tuple(
        replace(one, state=state) for one, state in zip(RUNGS, ("none", "tried", "open", "open", "next"), strict=True)
    ),
    ladder_hint="Five ways to know, the strongest at the top. None has settled it so far.",
    told=TOLD,
    told_question="What did you see on Google’s page?",
    told_note="You answered this on 26 October.",
    look_steps=LOOK_STEPS,
    can_name=True,
    again=AGAIN,
    again_note="You wanted to look at this again on 23 December.",
    pasted=PasteCard(
        page="Google’s page of your devices",
        link="https://myaccount.google.com/device-activity",
        where="myaccount.google.com/device-activity",
    ),
    myths=(BELIEF,),
)
PAGE = Page(number=1, count=2, total=38)
PARTY = PartyCard(
    key="a" * 32,
    kind="user",
    name="j.marsh@mail.test",
    named=False,
    lead="Can open 38 of your files, 11 of them pictures.",
    ways=(
        Way(
            id="files",
            title="Files of yours they can open",
            items=(
                PartyItem(name="Budget", says="File", link="https://drive.google.com/file/d/1/view"),
                PartyItem(name="Beach.jpg", says="Picture or video"),
            ),
            how="Seen live, 23 November",
            row=row(2, "Files one person can open", "38 files."),
            page=PAGE,
        ),
        Way(
            id="calendars",
            title="Calendars of yours they can see",
            items=(PartyItem(name="Home", says="They see and change what is in it.", account="maya@gmail.test"),),
            how="Seen live, 23 November",
            more=3,
        ),
    ),
    findings=(row(2, "Files one person can open", "38 files."),),
)
NAMED_PARTY = replace(
    PARTY,
    kind="person",
    name="J.",
    named=True,
    lead="Someone in your list. This page is yours alone, and nobody is told.",
    ways=(
        Way(
            id="mail", title="Your mail that goes to them", missing="We could not look. You have not opened this look."
        ),
        *PARTY.ways,
        Way(id="lends", title="Files of theirs that you can open", none="We looked on 23 November, and saw none."),
        Way(
            id="told",
            title="Where you named them yourself",
            items=(
                PartyItem(
                    name="J. Marsh",
                    says="You named this on 23 November.",
                    row=row(3, "Who is in your family group", "One person."),
                ),
            ),
        ),
    ),
    findings=(),
    addresses=("j.marsh@mail.test", "jm.new@gmail.test"),
    rule="What you named in a check stands here when its name holds J., as whole words.",
    offline=True,
)
TIMELINE = Timeline(
    days=(
        Day(date="Monday 23 November", entries=CHANGES[:2]),
        Day(date="Monday 26 October", entries=CHANGES[2:]),
    ),
    page=Page(number=1, count=2, total=40),
    kinds=(
        Choice(value="", label="Everything", checked=True),
        Choice(value="changes", label="What changed", checked=False),
        Choice(value="decided", label="What you decided", checked=False),
    ),
    checks=(Choice(value="0123456789", label="Apps that can open all your Drive files", checked=False),),
)
NOVEMBER = Month(
    name="November 2026",
    short="Nov",
    looks=4,
    seen=34,
    decided=12,
    changed=3,
    bars=(
        Bar(kind="seen", x=46, y=2, width=274, height=12, number=34),
        Bar(kind="decided", x=46, y=16, width=96, height=12, number=12),
        Bar(kind="changed", x=46, y=30, width=24, height=12, number=3),
    ),
    y=14,
)
OVER_TIME = OverTime(
    months=(NOVEMBER, replace(NOVEMBER, name="October 2026", short="Oct", looks=0, seen=0, bars=(), y=66)),
    older=(replace(NOVEMBER, name="September 2025", short="Sep", bars=()),),
    width=360,
    height=104,
    title="Things looked at, answers given, and things that were new or different, by month",
)
