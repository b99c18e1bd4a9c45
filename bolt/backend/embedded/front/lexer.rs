//! Splits a statement into tokens, knowing strings, comments, back-ticks, parameters and nesting.
//!
//! Every rule of the statement front works on these tokens: none ever searches in the text, where a word may as
//! well stand inside a string, a comment or a quoted name.

use super::Refusal;

/// How deep parentheses, brackets and braces may nest: the engine's parser goes no deeper.
pub(crate) const DEEPEST_NESTING: usize = 64;

/// One token of a statement.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Token {
    /// What it is.
    pub(crate) kind: Kind,
    /// The byte where it starts.
    pub(crate) start: usize,
    /// The byte behind its end.
    pub(crate) end: usize,
    /// How many brackets of any kind are open around it; a bracket itself counts as outside.
    pub(crate) depth: usize,
}

/// The kinds of tokens.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    /// A name or a keyword.
    Word,
    /// A name in back-ticks.
    Quoted,
    /// A string, in either kind of quotes.
    String,
    /// A number.
    Number,
    /// `$name`, with or without back-ticks.
    Parameter,
    /// `(`, `[` or `{`.
    Open(char),
    /// `)`, `]` or `}`.
    Close(char),
    /// Any other character, or one of `+=`, `..`, `<=`, `>=`, `<>`, `=~`, `::`, `||`.
    Sign,
}

/// A statement and its tokens.
#[derive(Clone, Debug)]
pub(crate) struct Tokens<'q> {
    text: &'q str,
    tokens: Vec<Token>,
}

impl<'q> Tokens<'q> {
    /// Splits `text`; fails at text that never ends and at brackets that nest too deep.
    pub(crate) fn new(text: &'q str) -> Result<Self, Refusal> {
        let mut lexer = Lexer { text, at: 0 };
        let mut tokens = Vec::new();
        let mut depth = 0_usize;
        while let Some((kind, start)) = lexer.next()? {
            let outside = match kind {
                Kind::Open(_) => {
                    depth += 1;
                    if depth > DEEPEST_NESTING {
                        return Err(Refusal::Syntax(format!(
                            "Brackets nest deeper than the {DEEPEST_NESTING} levels that are supported, at offset {start}."
                        )));
                    }
                    depth - 1
                }
                Kind::Close(_) => {
                    depth = depth.saturating_sub(1);
                    depth
                }
                _ => depth,
            };
            tokens.push(Token { kind, start, end: lexer.at, depth: outside });
        }
        Ok(Self { text, tokens })
    }

    /// The whole statement.
    pub(crate) fn text(&self) -> &'q str {
        self.text
    }

    /// All tokens.
    pub(crate) fn all(&self) -> &[Token] {
        &self.tokens
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// The token at `index`.
    pub(crate) fn at(&self, index: usize) -> Option<Token> {
        self.tokens.get(index).copied()
    }

    /// The token before `index`.
    pub(crate) fn before(&self, index: usize) -> Option<Token> {
        index.checked_sub(1).and_then(|index| self.at(index))
    }

    /// The text of a token.
    pub(crate) fn of(&self, token: Token) -> &'q str {
        &self.text[token.start..token.end]
    }

    /// The text from token `from` up to, but without, token `to`.
    pub(crate) fn between(&self, from: usize, to: usize) -> &'q str {
        match (self.at(from), to.checked_sub(1).and_then(|last| self.at(last))) {
            (Some(first), Some(last)) if first.start < last.end => &self.text[first.start..last.end],
            _ => "",
        }
    }

    /// Whether the token at `index` is the word `word`, in any letter case.
    pub(crate) fn is_word(&self, index: usize, word: &str) -> bool {
        self.at(index).is_some_and(|token| token.kind == Kind::Word && self.of(token).eq_ignore_ascii_case(word))
    }

    /// Whether the words from `index` on are `words`.
    pub(crate) fn are_words(&self, index: usize, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(offset, word)| self.is_word(index + offset, word))
    }

    /// Whether the token at `index` is exactly `sign`.
    pub(crate) fn is_sign(&self, index: usize, sign: &str) -> bool {
        self.at(index).is_some_and(|token| matches!(token.kind, Kind::Sign | Kind::Open(_) | Kind::Close(_)) && self.of(token) == sign)
    }

    /// Whether the word at `index` is a keyword by its place: not a property, a label, a map's key or part of a dotted name.
    pub(crate) fn is_keyword(&self, index: usize, word: &str) -> bool {
        self.is_word(index, word) && self.stands_alone(index) && !self.is_sign(index + 1, ":")
    }

    /// Whether the word at `index` is neither a property nor a label: not behind a dot, a colon, or the bar between labels.
    pub(crate) fn stands_alone(&self, index: usize) -> bool {
        let sign = |back: usize, sign: &str| index.checked_sub(back).is_some_and(|before| self.is_sign(before, sign));
        !sign(1, ".") && !sign(1, ":") && !(sign(1, "|") && (sign(3, ":") || sign(3, "|")))
    }

    /// The index of the bracket that closes the one at `open`; the end where none does.
    pub(crate) fn closing(&self, open: usize) -> usize {
        let Some(depth) = self.at(open).map(|token| token.depth) else {
            return self.len();
        };
        (open + 1..self.len())
            .find(|&index| self.tokens[index].depth == depth && matches!(self.tokens[index].kind, Kind::Close(_)))
            .unwrap_or(self.len())
    }

    /// The name that the token at `index` writes: a word, or what the back-ticks hold.
    pub(crate) fn name(&self, index: usize) -> Option<String> {
        let token = self.at(index)?;
        match token.kind {
            Kind::Word => Some(self.of(token).to_owned()),
            Kind::Quoted => Some(unquoted(self.of(token))),
            _ => None,
        }
    }

    /// The name of the parameter at `index`.
    pub(crate) fn parameter(&self, index: usize) -> Option<String> {
        let token = self.at(index)?;
        let name = self.of(token).strip_prefix('$').filter(|_| token.kind == Kind::Parameter)?;
        Some(if name.starts_with('`') { unquoted(name) } else { name.to_owned() })
    }

    /// What the string at `index` says, escapes resolved.
    pub(crate) fn string(&self, index: usize) -> Option<String> {
        let token = self.at(index).filter(|token| token.kind == Kind::String)?;
        let quoted = self.of(token);
        let mut characters = quoted[1..quoted.len() - 1].chars();
        let mut string = String::with_capacity(quoted.len());
        while let Some(character) = characters.next() {
            string.push(match character {
                '\\' => match characters.next()? {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    'u' => {
                        let digits: String = characters.by_ref().take(4).collect();
                        char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?
                    }
                    other => other,
                },
                other => other,
            });
        }
        Some(string)
    }
}

/// What a name in back-ticks says.
fn unquoted(name: &str) -> String {
    name[1..name.len() - 1].replace("``", "`")
}

/// Where the splitting has come to.
struct Lexer<'q> {
    text: &'q str,
    at: usize,
}

impl Lexer<'_> {
    /// The next token and where it starts.
    fn next(&mut self) -> Result<Option<(Kind, usize)>, Refusal> {
        self.skip_blanks()?;
        let start = self.at;
        let Some(first) = self.peek() else {
            return Ok(None);
        };
        let kind = match first {
            '\'' | '"' => self.string(first)?,
            '`' => self.quoted()?,
            '$' => self.parameter()?,
            '(' | '[' | '{' => {
                self.at += 1;
                Kind::Open(first)
            }
            ')' | ']' | '}' => {
                self.at += 1;
                Kind::Close(first)
            }
            _ if starts_name(first) => {
                self.skip_while(continues_name);
                Kind::Word
            }
            _ if first.is_ascii_digit() => self.number(),
            _ => self.sign(first),
        };
        Ok(Some((kind, start)))
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn skip_while(&mut self, belongs: impl Fn(char) -> bool) {
        let rest = &self.text[self.at..];
        self.at += rest.find(|character| !belongs(character)).unwrap_or(rest.len());
    }

    fn skip_blanks(&mut self) -> Result<(), Refusal> {
        loop {
            self.skip_while(char::is_whitespace);
            let rest = &self.text[self.at..];
            if rest.starts_with("//") {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if let Some(comment) = rest.strip_prefix("/*") {
                let Some(end) = comment.find("*/") else {
                    return Err(self.endless("comment", self.at));
                };
                self.at += end + 4;
            } else {
                return Ok(());
            }
        }
    }

    fn string(&mut self, quote: char) -> Result<Kind, Refusal> {
        let start = self.at;
        let mut escaped = false;
        for (offset, character) in self.text[start + 1..].char_indices() {
            if !escaped && character == quote {
                self.at = start + 1 + offset + 1;
                return Ok(Kind::String);
            }
            escaped = !escaped && character == '\\';
        }
        Err(self.endless("string", start))
    }

    fn quoted(&mut self) -> Result<Kind, Refusal> {
        let start = self.at;
        loop {
            let rest = &self.text[self.at + 1..];
            let Some(end) = rest.find('`') else {
                return Err(self.endless("name in back-ticks", start));
            };
            self.at += 1 + end + 1;
            // A doubled back-tick is part of the name.
            if !self.text[self.at..].starts_with('`') {
                return Ok(Kind::Quoted);
            }
        }
    }

    fn parameter(&mut self) -> Result<Kind, Refusal> {
        self.at += 1;
        match self.peek() {
            Some('`') => {
                self.quoted()?;
            }
            Some(first) if continues_name(first) => self.skip_while(continues_name),
            _ => return Ok(Kind::Sign),
        }
        Ok(Kind::Parameter)
    }

    fn number(&mut self) -> Kind {
        let hexadecimal = self.text[self.at..].starts_with("0x") || self.text[self.at..].starts_with("0X");
        let part = |character: char| character.is_ascii_alphanumeric() || character == '_';
        self.skip_while(part);
        let rest = &self.text[self.at..];
        let mut behind = rest.chars();
        // `1.5` goes on, `1..5` is a range.
        if behind.next() == Some('.') && behind.next().is_some_and(|digit| digit.is_ascii_digit()) {
            self.at += 1;
            self.skip_while(part);
        }
        let exponent = !hexadecimal && self.text[..self.at].ends_with(['e', 'E']);
        if exponent && self.text[self.at..].starts_with(['+', '-']) {
            self.at += 1;
            self.skip_while(part);
        }
        Kind::Number
    }

    fn sign(&mut self, first: char) -> Kind {
        const PAIRS: [&str; 8] = ["+=", "..", "<=", ">=", "<>", "=~", "::", "||"];
        let rest = &self.text[self.at..];
        let pair = PAIRS.iter().find(|pair| rest.starts_with(**pair));
        self.at += pair.map_or(first.len_utf8(), |pair| pair.len());
        Kind::Sign
    }

    fn endless(&self, what: &str, start: usize) -> Refusal {
        Refusal::Syntax(format!("The {what} that starts at offset {start} never ends."))
    }
}

fn starts_name(character: char) -> bool {
    character.is_alphabetic() || character == '_'
}

fn continues_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        let tokens = Tokens::new(text).unwrap();
        tokens.all().iter().map(|&token| tokens.of(token)).collect()
    }

    #[test]
    fn strings_comments_and_quoted_names_are_one_token_or_none() {
        assert_eq!(
            split("RETURN 'a // \\' b', \"/* '\" // gone\n /* 'gone' */ AS `a``(b`"),
            ["RETURN", "'a // \\' b'", ",", "\"/* '\"", "AS", "`a``(b`"]
        );
    }

    #[test]
    fn parameters_and_numbers_are_whole() {
        assert_eq!(
            split("$a+$`b c` 1.5e-3 1..5 0x1F $0 n.x+=1"),
            ["$a", "+", "$`b c`", "1.5e-3", "1", "..", "5", "0x1F", "$0", "n", ".", "x", "+=", "1"]
        );
        let tokens = Tokens::new("$a $`b``c`").unwrap();
        assert_eq!(tokens.parameter(0).unwrap(), "a");
        assert_eq!(tokens.parameter(1).unwrap(), "b`c");
    }

    #[test]
    fn brackets_know_their_depth_and_their_partner() {
        let tokens = Tokens::new("f([1, {a: ')'}], (2)) + 3").unwrap();
        assert_eq!(tokens.closing(1), 15);
        assert_eq!(tokens.of(tokens.at(16).unwrap()), "+");
        assert_eq!(tokens.at(16).unwrap().depth, 0);
        assert_eq!(tokens.at(3).unwrap().depth, 2);
    }

    #[test]
    fn escapes_in_strings_are_resolved() {
        let tokens = Tokens::new(r"'a\'b\n\u0041\\'").unwrap();
        assert_eq!(tokens.string(0).unwrap(), "a'b\nA\\");
    }

    #[test]
    fn keywords_are_told_by_their_place() {
        let tokens = Tokens::new("n.create :CREATE {create: 1} CREATE").unwrap();
        let keywords = (0..tokens.len()).filter(|&index| tokens.is_keyword(index, "create"));
        assert_eq!(keywords.collect::<Vec<_>>(), [tokens.len() - 1]);
    }

    #[test]
    fn text_that_never_ends_is_refused() {
        for text in ["RETURN 'a", "RETURN `a", "RETURN 1 /* a", "RETURN $`a"] {
            assert!(matches!(Tokens::new(text), Err(Refusal::Syntax(_))), "{text}");
        }
    }

    #[test]
    fn sixty_four_brackets_may_nest_and_no_more() {
        let nested = |depth: usize| format!("RETURN {}1{}", "(".repeat(depth), ")".repeat(depth));
        assert!(Tokens::new(&nested(64)).is_ok());
        assert!(matches!(Tokens::new(&nested(65)), Err(Refusal::Syntax(message)) if message.contains("64 levels")));
    }
}
