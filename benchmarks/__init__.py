"""The figures of `helpdesk bench`: ours beside stock Rasa on the same machine, in the same run."""
