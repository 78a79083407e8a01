"""The samples that the product ships: one file per provider, read when it is asked for and then kept."""

from functools import cache

from inspector.core.simulation.sample import NO_SAMPLES, SampleBook, samples_from
from inspector.resources_folder import resource_path


@cache
def sample_book(preset_id: str) -> SampleBook:
    """The samples of that provider; none where it has no file. Raises SampleError where the file is damaged."""
    path = resource_path("samples", f"{preset_id}.toml")
    if path.parent != resource_path("samples") or not path.is_file():
        return NO_SAMPLES
    return samples_from(path.read_text("utf-8"), path.name)


@cache
def with_samples() -> frozenset[str]:
    """The ids of the providers that have samples."""
    return frozenset(path.stem for path in resource_path("samples").glob("*.toml"))
