// In JavaScript with a declaration of its own beside it: the library's types bring the whole of the DOM's globals into every file.
import highlightjs from 'highlight.js/lib/common';

export const highlighter = highlightjs;
