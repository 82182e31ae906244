"""A measurement that needs Django: `child.py NAME JSON` prints the JSON of what `children/NAME.py` measured."""

import importlib
import json
import logging
import sys
from pathlib import Path

import django
from django.core.management import call_command


def main(name: str, given: str) -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    django.setup()
    logging.disable(logging.INFO)
    call_command("migrate", verbosity=0, interactive=False)
    print(json.dumps(importlib.import_module(f"children.{name}").measure(**json.loads(given))))


if __name__ == "__main__":
    main(*sys.argv[1:])
