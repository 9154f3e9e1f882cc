"""How `prompts.reader` reads: words and their slips, what each speaks of, and how sure each kind of evidence is."""
