CREATE VIRTUAL TABLE paragraph_fts USING fts5 (
  text, content = 'paragraph', content_rowid = 'id',
  tokenize = 'unicode61 remove_diacritics 2'
);
