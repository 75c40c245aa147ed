"""What an author of lessons and assignments calls.

notebooks  from the text of a lesson to the notebook that students open
release    the student version of the assignments
rehearsal  an assignment with answers put in, run as nbgrader would
declared   which mistakes a question can name, read from its lines
promises   what a task promises and what its test asks, side by side
selftest   every known answer to an assignment gets what it should
bundle     the course as one zip for students, and the proof that it gives nothing away
site       the lessons as web pages
"""
