import pytest
from pydantic import ValidationError

from boumb_assets.contracts.loop_request import MOODS, LoopRequest
from boumb_assets.contracts.music_request import MusicRequest
from boumb_assets.generation.asks import EMOTIONS, MAX_PROMPT, ask_for
from boumb_assets.generation.conversations import conversation, user_message
from boumb_assets.generation.pitches import allowed_pitches


def test_the_prompt_is_read_and_wishes_win() -> None:
    ask = ask_for("Basse funky en do mineur à 100 bpm", bpm=95, scale="Pentatonic Minor", root=None)
    assert (ask.contract, ask.bars, ask.language) == ("boumb-sequence", 2, "fr")
    request = ask.request
    assert (request.role, request.style, request.root, request.scale, request.bpm) == (
        "bass", "funk", 0, "pentatonic_minor", 95,
    )  # fmt: skip


def test_drums_choose_their_contract_and_a_melodic_contract_its_role() -> None:
    assert ask_for("house drums").contract == "drum-pattern"
    assert ask_for("house drums", contract="boumb-steps").request.role is None
    assert ask_for("a bass", contract="drum-pattern").request.role == "drums"
    assert ask_for("", music=MusicRequest()).contract == "music-structure"


def test_bars_come_from_the_prompt_but_never_beyond_the_contract() -> None:
    assert ask_for("four bars of jazz piano").bars == 4
    assert ask_for("four bars of jazz piano", contract="boumb-steps").bars == 2
    assert ask_for("jazz piano", bars=4).request.bars == 4
    with pytest.raises(ValueError, match="two bars"):
        ask_for("drums", bars=4)


@pytest.mark.parametrize(
    "wishes",
    [{"contract": "opus"}, {"scale": "klezmer"}, {"root": 12}, {"bpm": 1}, {"role": "tuba"}, {"colour": "red"}],
)
def test_what_cannot_be_wished_for_is_refused(wishes: dict[str, object]) -> None:
    with pytest.raises((ValueError, ValidationError)):
        ask_for("bass", **wishes)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="characters"):
        ask_for("a" * (MAX_PROMPT + 1))


def test_a_key_from_elsewhere_is_told_to_a_model_in_the_studios_words() -> None:
    assert user_message(ask_for("Basse en do mineur")) == "Basse en do mineur"
    assert user_message(ask_for("Basse", root=2, scale="dorian", bpm=98)) == "Context: D dorian 98BPM. Request: Basse"
    system, user = conversation(ask_for("Bass", root=0, scale="minor", role="bass"), "app")
    assert "[C1, D1, D#1" in system["content"] and user["role"] == "user"


def test_allowed_pitches_are_scale_and_register() -> None:
    assert allowed_pitches(LoopRequest()) is None
    bass = allowed_pitches(LoopRequest(role="bass", root=2, scale="major"))
    assert bass is not None and min(bass) >= 24 and max(bass) <= 55
    assert {pitch % 12 for pitch in bass} == {2, 4, 6, 7, 9, 11, 1}


def test_the_words_for_a_piece_say_its_key_its_tempo_and_its_emotion() -> None:
    music = ask_for("une pièce mélancolique en ré mineur, 72 bpm", contract="music-structure").music
    assert music is not None
    assert (music.key, music.tempo, music.valence, music.arousal) == ("d minor", 72, -0.7, 0.2)
    assert ask_for("", contract="music-structure").music == MusicRequest()


def test_every_mood_has_its_place() -> None:
    assert set(EMOTIONS) == set(MOODS)
