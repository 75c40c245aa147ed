"""What a student's notebook talks to.

questions  what each lesson and assignment asks, and how an answer is judged: one module for each
exercise   asking and answering: self-checks with hints, graded cells with a score
watch      what a student's function used besides its own lines
diary      which questions have been answered, on the student's own computer
progress   the whole course as a table, from the diary
hand_in    an assignment as one zip
program    a network and its training as lines of text, any of which can be exchanged
bugs       what can be wrong with one of them, and ten programs that are
method     the measurements by which one finds it
threads    one thread for matrix products
in_a_page  what is elsewhere when Python runs in a web page
lab/       what JupyterLab begins with, wherever the course is installed
"""

from .in_a_page import at_home_in_a_page
from .threads import one_blas_thread

one_blas_thread()
at_home_in_a_page()
