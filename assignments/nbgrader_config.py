"""What nbgrader knows about this course. Run its commands in this folder.

nbgrader runs this file twice per command: every line must bear being repeated.
"""

import os
from pathlib import Path

HERE = Path(__file__).resolve().parent

c = get_config()  # noqa: F821
try:
    from bplib.grading import configure

    configure(c)
except Exception as problem:  # nbgrader itself would log it and go on without any of our protection
    raise SystemExit(f"nbgrader_config.py: {problem}") from problem
SEED = HERE / ".course_seed"  # hidden numbers: any number but 0, anew for each cohort; git does not see it
os.environ.setdefault("BPLIB_COURSE_SEED", SEED.read_text().strip() if SEED.is_file() else "1")
c.CourseDirectory.course_id = "bplib"
c.CourseDirectory.root = str(HERE)
# ps01.py is the text of ps01.ipynb, solutions included; all other files beside it are given to students
c.CourseDirectory.ignore = ["ps*.py", ".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback"]
c.Exchange.root = str(HERE / ".exchange")
c.AssignLatePenalties.plugin_class = "bplib.grading.late.PerDay"
c.PerDay.fraction = 0.1  # of the score, for each started day; INSTRUCTORS.md says how much
