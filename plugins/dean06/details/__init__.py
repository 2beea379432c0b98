"""Details: what exactly happened, as a code with parameters; both languages are made from them."""
