import copy
import json
import pickle

from tiffin.kernel.errors import NotFound
from tiffin.kernel.messages import Message

MESSAGE = Message("There is no {kind} {name}.", kind=Message("city"), name="atlantis")


def test_a_message_is_its_english_to_whoever_knows_no_languages() -> None:
    assert MESSAGE == "There is no city atlantis."
    assert json.dumps({"detail": MESSAGE}) == '{"detail": "There is no city atlantis."}'


def test_a_message_without_values_is_left_as_it_stands() -> None:
    assert Message("Write {{like}} this.") == "Write {{like}} this."


def test_an_error_keeps_what_can_be_translated_of_it() -> None:
    error = NotFound(MESSAGE)

    assert error.said is MESSAGE
    assert type(str(error)) is str
    assert NotFound("Plain.").said == "Plain."
    assert NotFound().said == ""


def test_a_message_crosses_processes_whole() -> None:
    carried = pickle.loads(pickle.dumps(NotFound(MESSAGE)))  # noqa: S301 - what this very test wrote
    for other in (carried.said, copy.deepcopy(MESSAGE)):
        assert isinstance(other, Message)
        assert (other, other.text, other.values) == (MESSAGE, MESSAGE.text, MESSAGE.values)
