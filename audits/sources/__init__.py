"""How we come to know. Sources know no database and no Django model."""
