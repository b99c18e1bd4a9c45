//! Changes to a statement's text, collected by the rules and made at once.

/// Replacements of parts of one text, none touching another.
#[derive(Debug)]
pub(super) struct Edits<'q> {
    text: &'q str,
    replacements: Vec<(usize, usize, String)>,
}

impl<'q> Edits<'q> {
    /// Nothing to change in `text` yet.
    pub(super) fn new(text: &'q str) -> Self {
        Self { text, replacements: Vec::new() }
    }

    /// Puts `new` in the place of the bytes from `start` to `end`. The first rule to claim a part has it.
    pub(super) fn replace(&mut self, start: usize, end: usize, new: impl Into<String>) {
        if self.replacements.iter().all(|&(from, to, _)| end <= from || to <= start) {
            self.replacements.push((start, end, new.into()));
        }
    }

    /// Puts `new` behind the text.
    pub(super) fn append(&mut self, new: impl Into<String>) {
        self.replacements.push((self.text.len(), self.text.len(), new.into()));
    }

    /// The text as changed.
    pub(super) fn apply(mut self) -> String {
        self.replacements.sort_by_key(|&(start, end, _)| (start, end));
        let mut changed = String::with_capacity(self.text.len() + 64);
        let mut copied = 0;
        for (start, end, new) in &self.replacements {
            changed.push_str(&self.text[copied..*start]);
            changed.push_str(new);
            copied = *end;
        }
        changed.push_str(&self.text[copied..]);
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replacements_apply_in_order_of_place() {
        let mut edits = Edits::new("one two three");
        edits.replace(8, 13, "3");
        edits.replace(0, 3, "1");
        edits.replace(0, 5, "lost: the part has a new text already");
        edits.append(" 4");
        assert_eq!(edits.apply(), "1 two 3 4");
    }
}
