"""The capstone: a year on call at Corner."""
