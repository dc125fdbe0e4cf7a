import sys
from pathlib import Path

from planparse.evaluation.command import evaluate_command

evaluate_command(Path(sys.argv[1]), errors="--errors" in sys.argv, write=print)
