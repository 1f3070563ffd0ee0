"""Things to test with: `a_territory()`, `a_member()`, `a_practice(state="submitted")`…

Each makes what it needs; every default is plausible; keyword arguments say what the test is about.
"""
