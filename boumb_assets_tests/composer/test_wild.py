"""The rules have an answer to everything: a smaller number of what benchmarks/rules.py asks."""

from boumb_assets.composer.loop import compose_loop
from boumb_assets.composer.structure import compose_structure
from boumb_assets.contracts.drum_pattern import DrumPattern
from boumb_assets.contracts.validation import validate
from boumb_assets.prompts.reader import read_request
from boumb_assets.render.midi import to_midi_bytes
from boumb_assets_tests.composer.wild import any_prompt, any_request, bars_of


def test_any_request_gets_a_valid_piece_of_its_length_in_midi_too() -> None:
    requests = [any_request(number) for number in range(100_000, 100_080)]
    assert len({request.model_dump_json() for request in requests}) == len(requests)
    for number, request in enumerate(requests):
        piece = compose_structure(request, number)
        assert validate(piece, "music-structure") == []
        assert piece.fits(request.duration)
        assert bars_of(to_midi_bytes(piece)) == {piece.measures}


def test_any_prompt_gets_a_valid_loop_of_its_bars_in_midi_too() -> None:
    prompts = [any_prompt(number) for number in range(100_000, 100_150)]
    assert "" in prompts and max(map(len, prompts)) == 10_000 and any("🔥" in prompt for prompt in prompts)
    for number, prompt in enumerate(prompts):
        request = read_request(prompt)
        loop = compose_loop(request, number)
        drums = isinstance(loop, DrumPattern)
        assert validate(loop, "drum-pattern" if drums else "boumb-sequence", request) == []
        assert bars_of(to_midi_bytes(loop, 120)) == {2 if drums else request.bars or 2}
