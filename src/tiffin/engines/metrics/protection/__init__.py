"""What an asker may see: grants, guarded columns, small groups."""
