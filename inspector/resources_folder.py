"""Where the plain files of the product lie: icons, themes, provider presets."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def resource_path(*parts: str) -> Path:
    """The file or folder `parts` under `resources`: inside the package of an installed wheel, beside it in a checkout.

    What lies there is shown or parsed, never run. A part that does not exist gives a path that does not exist.
    """
    return _resources().joinpath(*parts)


def _resources() -> Path:
    inside = _PACKAGE / "resources"
    return inside if inside.is_dir() else _PACKAGE.parent / "resources"
