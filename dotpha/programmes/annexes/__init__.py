"""Action plans as Vietnamese resolutions print them: tables of a DOCX, read and settled into task rows (C17)."""
