"""Let the scripts of this folder import each other, as they do when run."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
