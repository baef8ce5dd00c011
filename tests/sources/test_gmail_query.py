"""Whether a filter may catch Google's security mails: what people and programs write into filters."""

from __future__ import annotations

import pytest

from audits.sources.google.gmail_query import Criteria, may_catch

ME = "maya@gmail.test"
LONG = "{" + " ".join(f"from:offers{n}@shop.test" for n in range(220))

CATCHES = [
    Criteria(),
    Criteria(sender="google.com"),
    Criteria(sender="accounts.google.com"),
    Criteria(sender="no-reply@accounts.google.com"),
    Criteria(sender="Google"),
    Criteria(sender="*"),
    Criteria(sender="*@*.google.com"),
    Criteria(sender="*@acc*.google.com"),
    Criteria(sender="noreply"),
    Criteria(sender="shop@mail.test OR google.com"),
    Criteria(sender="{shop@mail.test google.com}"),
    Criteria(sender="shop@mail.test|accounts.google.com"),
    Criteria(sender="shop@mail.test,google.com"),
    Criteria(sender="shop@mail.test, google.com"),
    Criteria(sender="-shop@mail.test"),
    Criteria(subject="Security alert"),
    Criteria(subject='"security alert" OR invoice'),
    Criteria(subject="alert"),
    Criteria(subject="セキュリティ通知"),
    Criteria(subject="2-Step Verification"),
    Criteria(to=ME),
    Criteria(to="me"),
    Criteria(to="maya"),
    Criteria(query="from:accounts.google.com"),
    Criteria(query="from:(shop@mail.test OR accounts.google.com)"),
    Criteria(query='subject:("security alert")'),
    Criteria(query="from:google.com subject:alert -from:shop@mail.test"),
    Criteria(query="security alert"),
    Criteria(query="is:unread"),
    Criteria(query="in:inbox older_than:1d"),
    Criteria(query="category:updates"),
    Criteria(query="larger:1K"),
    Criteria(query="-has:attachment"),
    Criteria(query="deliveredto:me"),
    Criteria(query="unheard_of:thing"),
    Criteria(query="from:google AND alert"),
    Criteria(query="-(from:shop@mail.test)"),
    Criteria(query="invoice OR from:google.com"),
    Criteria(query=LONG + " from:google.com}"),
    Criteria(negated="newsletter"),
    Criteria(negated="from:shop@mail.test"),
    Criteria(sender="google.com", negated="invoice"),
    Criteria(smaller=50_000),
    Criteria(larger=5_000),
    # What we cannot read might.
    Criteria(query="(" * 5_000),
    Criteria(query="- " * 5_000),
    Criteria(query='from:"google'),
    Criteria(query="from:"),
    Criteria(query=") from:google.com ("),
]
MISSES = [
    Criteria(sender="shop@mail.test"),
    Criteria(sender="google.company"),
    Criteria(sender="google@shop.test"),
    Criteria(sender="shop@mail.test OR news@choir.test"),
    Criteria(sender="shop@mail.test, news@choir.test"),
    Criteria(sender="google.com", subject="invoice"),
    Criteria(subject="Invoice for May"),
    Criteria(to="maya+news@gmail.test"),
    Criteria(to="ada.okafor@gmail.test"),
    Criteria(query="newsletter"),
    Criteria(query="list:choir.test"),
    Criteria(query="from:google.com has:attachment"),
    Criteria(query="from:google.com filename:pdf"),
    Criteria(query="from:google.com larger:5M"),
    Criteria(query="from:google.com larger:5000000"),
    Criteria(query="cc:me"),
    Criteria(query="-from:google.com"),
    Criteria(query="-{invoice from:google.com}"),
    Criteria(query="-from:(google.com)"),
    Criteria(query="(from:shop@mail.test OR from:news@choir.test) subject:alert"),
    Criteria(query="from:shop@mail.test OR from:news@choir.test newsletter"),
    Criteria(query=LONG + "}"),
    Criteria(negated="from:google.com"),
    Criteria(negated="from:accounts.google.com OR from:bank.test"),
    Criteria(sender="google.com", negated="from:no-reply@accounts.google.com"),
    Criteria(sender="google.com", attachment=True),
    Criteria(sender="google.com", larger=2_000_000),
]


@pytest.mark.parametrize("criteria", CATCHES, ids=lambda c: str(c)[:60])
def test_a_filter_that_may_catch_them(criteria: Criteria) -> None:
    assert may_catch(criteria, ME)


@pytest.mark.parametrize("criteria", MISSES, ids=lambda c: str(c)[:60])
def test_a_filter_that_surely_misses_them(criteria: Criteria) -> None:
    assert not may_catch(criteria, ME)
