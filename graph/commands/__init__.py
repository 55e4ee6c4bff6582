"""The commands of ``edugraph``, one module each; answers go to standard output, errors to standard error."""
