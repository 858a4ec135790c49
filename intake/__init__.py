"""Paper comes in, and the program is put together: the watched folder, the stages, the commands and the web desk."""
