"""Work in flight: in order, one piece at a time, never far ahead; errors reach the caller."""

import threading

import pytest

from dean06.load.in_flight import one_in_flight


def test_pieces_are_done_in_order_and_one_at_a_time() -> None:
    done: list[int] = []
    busy = threading.Lock()

    def work(number: int) -> None:
        assert busy.acquire(blocking=False)
        done.append(number)
        busy.release()

    with one_in_flight() as flying:
        for number in range(50):
            flying.submit(work, number)
        flying.settle()
        assert done == list(range(50))


def test_one_piece_waits_and_the_caller_waits_for_the_rest() -> None:
    go = threading.Event()
    begun = threading.Semaphore(0)

    def work() -> None:
        begun.release()
        assert go.wait(20)

    with one_in_flight() as flying:
        flying.submit(work)
        flying.submit(work)  # Waits, and its caller does not.
        third = threading.Thread(target=flying.submit, args=(work,))
        third.start()
        third.join(0.2)
        assert third.is_alive()
        assert begun.acquire(timeout=20)
        assert not begun.acquire(blocking=False)
        go.set()
        third.join(20)
        assert not third.is_alive()


@pytest.mark.parametrize("after", [0, 1, 2, 3])
def test_an_error_is_raised_whatever_follows_the_piece(after: int) -> None:
    def fail() -> None:
        raise ValueError("of the piece")

    with pytest.raises(ValueError, match="of the piece"), one_in_flight() as flying:
        flying.submit(fail)
        for _ in range(after):
            flying.submit(int)
