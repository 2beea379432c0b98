"""Files are read ahead in their order, within bounds; what goes wrong is raised in its place."""

import threading
from collections.abc import Iterator

import pytest

from dean06.load.read_ahead import read_ahead


def _letters(word: str) -> Iterator[str]:
    yield from word


def test_what_files_hold_comes_in_their_order() -> None:
    words = ["một", "hai", "", "ba", "bốn", "năm"]
    taken = [(word, "".join(letters)) for word, letters in read_ahead(words, _letters)]
    assert taken == [(word, word) for word in words]


def test_reading_goes_on_while_items_are_taken_but_not_far() -> None:
    made: list[int] = []
    begun = threading.Event()

    def read(number: int) -> Iterator[int]:
        for item in range(100):
            made.append(number)
            if number == 1:
                begun.set()
            yield item

    for _, items in read_ahead(range(10), read):
        for taken, _ in enumerate(items, start=1):
            if taken == 1:
                assert begun.wait(5), "the next file is not being read"
            if taken == 50:
                assert made.count(0) <= 51
                assert sum(number > 0 for number in made) <= 2  # one item of each further file
                assert max(made) <= 2
        break


def test_a_damaged_file_is_told_when_its_turn_comes() -> None:
    def read(word: str) -> Iterator[str]:
        yield word
        if word == "hai":
            raise EOFError

    taken = []
    with pytest.raises(EOFError):
        for _, items in read_ahead(["một", "hai", "ba"], read):
            taken += items
    assert taken == ["một", "hai"]
