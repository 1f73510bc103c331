"""What staff do with a case: one file an act, called by the web's forms, by bulk acts and by the staff group alike."""
