"""Right and wrong answers to the self-checks of lesson 0; the rules they obey stand in test_questions.py."""

from bplib.course.questions import start_here

# question, a right answer in one or more styles
RIGHT = [
    (start_here.shape_of_a_product, (32, 50)),
    (start_here.slope, (lambda x: 2 * x,)),
]

# question, a wrong answer, the name of the mistake
WRONG = [
    (start_here.shape_of_a_product, (784, 50), "inner size"),
    (start_here.shape_of_a_product, (50, 32), "rows and columns swapped"),
    (start_here.slope, (lambda x: x,), "factor 2"),
    (start_here.slope, (lambda x: x * x,), "value for derivative"),
    (start_here.slope, (lambda x: 2,), "constant"),
]
