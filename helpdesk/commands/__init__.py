"""One file for each thing one can type after `helpdesk`."""
