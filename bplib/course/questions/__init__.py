"""What the lessons and assignments ask, and how an answer is judged: one module for each."""
