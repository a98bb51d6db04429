"""For instructors: a folder of learners' notebooks, run and read: `python -m helpers grade FOLDER`.

Every notebook runs from top to bottom in a kernel of its own, with an empty workspace, the
course's own helpers, and limits on time, memory, processes and files. After each exercise's cell
the grader tries the learner's answer itself, on fresh data, and takes no word for it that the
notebook prints, that `check` shows, or that a progress file says.

What this cannot see: the answer and the grader's question share a process, since a function cannot
be asked anywhere else. Who knows Python's insides well can find the question there and answer it
with something other than their own work, such as the course's own solution; and anybody can copy
from a neighbour. The helpers of the exercises are put back before every question, and a notebook
that changed them or reads them is marked. So the marks say what was handed in, and not who
understood it. Nothing here is meant for an examination.

What it keeps from the machine: on Linux 5.19 and newer a notebook can write, rename and delete in
its own temporary folder alone (Landlock), and since 6.12 it can end its own processes alone.
Elsewhere it runs with the rights of who grades: take an account or a container made for it.
"""
