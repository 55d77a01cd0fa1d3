//! Each table of the sample study, to the letter.
