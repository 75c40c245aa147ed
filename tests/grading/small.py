"""The small assignment of these tests, and right answers to it."""

from nbformat.v4 import new_code_cell, new_markdown_cell

from tests.grading.course import answer, check, setup, task, written_answer

SOURCE = [
    new_markdown_cell("# A small assignment"),
    setup("setup", "import math\nimport sys\nimport warnings"),
    answer("relu", "def relu(x):\n    ### BEGIN SOLUTION\n    return max(0.0, x)\n    ### END SOLUTION"),
    check(
        "test_relu",
        """passed = [relu(3.0) == 3.0, relu(0.5) == 0.5]
### BEGIN HIDDEN TESTS
passed += [relu(-2.0 - secret) == 0.0 for secret in (0.125, 0.25)]
### END HIDDEN TESTS
print(f"relu passes {sum(passed)} of {len(passed)} checks")
2.0 * sum(passed) / len(passed)""",
        points=2,
    ),
    answer("double", "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"),
    check("test_double", "print('double runs')\n3.0 if math.isclose(double(4.0), 8.0) else 0.0", points=3),
    answer("cube", "def cube(x):\n    ### BEGIN SOLUTION\n    return x**3\n    ### END SOLUTION"),
    check(
        "test_cube",
        """### BEGIN HIDDEN TESTS
assert cube(2.0 + 1.5) == 42.875, "cube is wrong at a point you were not given"
### END HIDDEN TESTS
4""",
        points=4,
    ),
    written_answer("why", "YOUR ANSWER HERE", points=5),
    task(
        "sketch",
        "Draw it.\n=== BEGIN MARK SCHEME ===\nTwo points for axes\n=== END MARK SCHEME ===",
        points=6,
    ),
    new_code_cell("# your own experiments"),
]

RIGHT = {
    "relu": "def relu(x):\n    return x if x > 0 else 0.0",
    "double": "def double(x):\n    return x + x",
    "cube": "def cube(x):\n    return x * x * x",
    "why": "Because the slope is 0 there.",
}
