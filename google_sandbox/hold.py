"""Where requests hang until they are released, their time is up, or the sandbox stops."""

from threading import Condition


class Hold:
    def __init__(self) -> None:
        self._condition = Condition()
        self._round = 0
        self._stopped = False
        self.waiting = 0

    def wait(self, seconds: float | None) -> None:
        with self._condition:
            here = self._round
            self.waiting += 1
            self._condition.notify_all()
            try:
                self._condition.wait_for(lambda: self._stopped or self._round != here, seconds)
            finally:
                self.waiting -= 1

    def until_waiting(self, count: int, seconds: float) -> int:
        """Returns once so many requests hang, or when the time is up; says how many do."""
        with self._condition:
            self._condition.wait_for(lambda: self._stopped or self.waiting >= count, seconds)
            return self.waiting

    def release(self) -> None:
        with self._condition:
            self._round += 1
            self._condition.notify_all()

    def stop(self) -> None:
        """From now on nobody waits."""
        with self._condition:
            self._stopped = True
            self._condition.notify_all()

    def pause(self, seconds: float) -> None:
        """Latency: a pause that `release` does not cut short, but the end does."""
        with self._condition:
            self._condition.wait_for(lambda: self._stopped, seconds)

    @property
    def stopped(self) -> bool:
        return self._stopped
