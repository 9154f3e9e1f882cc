"""A loop's fingerprint: equal for the same music in every key, different for everything else."""

import hashlib
from collections.abc import Sequence


def loop_fingerprint(steps: Sequence[int], pitches: Sequence[int], drum: bool = False) -> str:
    """16 hexadecimal digits over the onsets: ``steps`` (n,) in sixteenths from the loop's start, ``pitches`` (n,) MIDI.

    The order of the notes does not matter, nor do doubles; durations and velocities are left out, so that the same
    loop played softer or shorter is still a duplicate. Pitches count from the lowest note of the first onset, so
    that a transposed loop keeps its fingerprint; with ``drum`` they count as they are, since another drum is another
    rhythm. Raises ValueError where the lengths differ.
    """
    onsets = sorted({(int(step), int(pitch)) for step, pitch in zip(steps, pitches, strict=True)})
    origin = 0 if drum or not onsets else onsets[0][1]
    text = ";".join(f"{step},{pitch - origin}" for step, pitch in onsets)
    return hashlib.sha256(f"{'drum' if drum else 'pitched'}|{text}".encode()).hexdigest()[:16]
