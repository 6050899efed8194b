"""The wheel that is released holds what a clone builds: who installs it needs no Node."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "alpheus"
BUILT = PACKAGE / "web" / "static" / "built"


def test_a_wheel_holds_built_assets_translations_and_templates(tmp_path):
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    made = [path for path in BUILT.rglob("*") if path.is_file()]
    made += [words.with_suffix(".mo") for words in PACKAGE.glob("*/locale/*/LC_MESSAGES/*.po")]
    made += PACKAGE.glob("*/templates/**/*.*")
    assert len(made) > 100
    assert not {str(path.relative_to(PACKAGE.parent)) for path in made} - held
