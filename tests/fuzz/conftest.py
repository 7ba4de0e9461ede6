"""Fuzzers share their damage and their networks; run as scripts they find each other anyway."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
