"""What differs between two data sets, told in things and claims."""
