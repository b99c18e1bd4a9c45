//! Where a connection stands: a step over the generated table of states. Nothing here knows a message or a state by its name.

use crate::generated::{RequestKind, Signal, State, Transition, Version, transition};

/// The state of one connection.
#[derive(Clone, Debug)]
pub struct Machine {
    version: Version,
    state: State,
}

/// What is to become of a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Step {
    /// The state does not accept it: a failure that says so, and the end of the connection.
    Refused,
    /// It is not looked at.
    Ignored,
    /// It is carried out; its outcome decides about the next state.
    Served(Served),
}

/// Where the outcome of a request leads.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Served {
    success: State,
    open: Option<State>,
    failure: State,
}

impl Served {
    /// Whether success means that the user is known.
    #[must_use]
    pub fn authenticates(self) -> bool {
        self.success.authenticated()
    }
}

impl Machine {
    /// A connection that has just agreed on a version.
    #[must_use]
    pub fn new(version: Version) -> Self {
        Self { version, state: State::START }
    }

    /// A connection in this state.
    #[must_use]
    pub const fn at(version: Version, state: State) -> Self {
        Self { version, state }
    }

    /// The state.
    #[must_use]
    pub fn state(&self) -> State {
        self.state
    }

    /// What becomes of a request with so many interrupts waiting behind it.
    ///
    /// An interrupt jumps the queue: what stands before it is ignored, and of several interrupts all but the last.
    pub fn receive(&mut self, request: RequestKind, interrupts_behind: usize) -> Step {
        if interrupts_behind > 0 && self.accepts_interrupt() {
            self.state = State::INTERRUPTED;
        }
        match transition(self.version, self.state, request) {
            Transition::Refused => Step::Refused,
            Transition::Served { .. } if interrupts_behind > 0 && self.interrupted_by(request) => Step::Ignored,
            Transition::Ignored(state) => {
                self.state = state;
                Step::Ignored
            }
            Transition::Served { success, open, failure } => Step::Served(Served { success, open, failure }),
        }
    }

    /// The request succeeded; `open` says that rows are left to ask for.
    pub fn succeed(&mut self, served: Served, open: bool) {
        self.state = served.open.filter(|_| open).unwrap_or(served.success);
    }

    /// The request failed.
    pub fn fail(&mut self, served: Served) {
        self.state = served.failure;
    }

    /// The request could not be read.
    pub fn malformed(&mut self) {
        self.state = self.state.malformed();
    }

    /// Whatever comes, nothing is answered any more.
    pub fn close(&mut self) {
        self.state = State::CLOSED;
    }

    /// The requests that the state accepts, for the text of a refusal.
    pub(super) fn accepted(&self) -> impl Iterator<Item = RequestKind> {
        let Self { version, state } = *self;
        RequestKind::ALL
            .iter()
            .copied()
            .filter(move |request| request.exists_in(version) && transition(version, state, *request) != Transition::Refused)
    }

    fn accepts_interrupt(&self) -> bool {
        let served = |request: &RequestKind| matches!(transition(self.version, self.state, *request), Transition::Served { .. });
        RequestKind::ALL.iter().any(|request| request.signal() == Some(Signal::Interrupt) && served(request))
    }

    fn interrupted_by(&self, request: RequestKind) -> bool {
        self.state == State::INTERRUPTED && request.signal() == Some(Signal::Interrupt)
    }
}
