"""Archive copies: pictures of pages with recognised text over them, as one PDF."""
