"""What the command refuses, and in which words: ``inputs/faults_of_the_command.json``."""

import json
from pathlib import Path
from typing import Any

FAULTS: dict[str, Any] = json.loads(
    Path(__file__).with_name("inputs").joinpath("faults_of_the_command.json").read_text("utf-8")
)
