"""All that is measured, one after the other: `make bench`. Ends with 1 if any of it could not be measured."""

import subprocess
import sys
from pathlib import Path

MEASURED = ("import_staff.py", "pages.py", "lesson.py")


def main() -> int:
    failed = 0
    for name in MEASURED:
        print(f"\n{name}", flush=True)
        failed += subprocess.run([sys.executable, Path(__file__).parent / name], check=False).returncode != 0
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
