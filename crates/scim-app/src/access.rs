//! What a user may do, and why: what a backend asks at every sign-in.

use std::collections::{BTreeSet, HashMap};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use scim_domain::{
    FoldedText, OrganizationId, Timestamp, UserId,
    access::{Above, Access, Account, Network},
    organization::{NameIdAttribute, Organization},
    user::User,
};
use sha2::{Digest as _, Sha256};

use crate::{
    journal,
    ports::{Departed, Mark, Snapshot, Store, StoreError, UnitOfWork},
};

/// The most look-ups that are answered at once.
pub const MOST_LOOKUPS: usize = 1000;

/// How long a deleted user is recognized.
pub const REMEMBERED_DAYS: i64 = 90;

/// Whom a backend asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// The user of an id; any text that is no id is nobody's.
    Id(String),
    /// The user of a `userName`, compared folded.
    UserName(String),
    /// The user of an `externalId`, compared exactly.
    ExternalId(String),
    /// The user of the NameID of a SAML assertion: of the one attribute that the organization has
    /// set, and of no other if that finds nobody.
    NameId(String),
}

impl Lookup {
    /// What is compared.
    pub fn text(&self) -> &str {
        match self {
            Self::Id(text) | Self::UserName(text) | Self::ExternalId(text) | Self::NameId(text) => {
                text
            }
        }
    }
}

/// What is known of whom a backend asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// There is one such user.
    Known(Access),
    /// There was one, which was deleted and is still remembered.
    Deprovisioned(Departed),
    /// Nobody, as far as anybody remembers.
    Unknown,
    /// More than one: which of them is meant nobody can say.
    Ambiguous,
}

impl Answer {
    /// What the status is called in CLI and API.
    pub const fn status(&self) -> &'static str {
        match self {
            Self::Known(access) => access.standing.name(),
            Self::Deprovisioned(_) => "deprovisioned",
            Self::Unknown => "unknown",
            Self::Ambiguous => "ambiguous",
        }
    }
}

/// A digest of an answer as it is sent: another answer has another, in 128 bits.
pub fn digest(answer: &[u8]) -> String {
    let hash = Sha256::digest(answer);
    URL_SAFE_NO_PAD.encode(hash.get(..16).unwrap_or_default())
}

/// A look-up as the store understands it.
#[derive(Debug)]
enum Key {
    Id(UserId),
    Name(FoldedText),
    ExternalId(String),
    Nobody,
}

impl Key {
    fn of(organization: &Organization, lookup: &Lookup) -> Self {
        match lookup {
            Lookup::Id(text) => UserId::parse(text).map_or(Self::Nobody, Self::Id),
            Lookup::UserName(name) => Self::name(name),
            Lookup::ExternalId(text) => Self::external_id(text),
            Lookup::NameId(text) => match organization.name_id_attribute {
                NameIdAttribute::UserName => Self::name(text),
                NameIdAttribute::ExternalId => Self::external_id(text),
            },
        }
    }

    /// What could not be anybody's name finds nobody.
    fn name(text: &str) -> Self {
        FoldedText::of_name("userName", text).map_or(Self::Nobody, Self::Name)
    }

    fn external_id(text: &str) -> Self {
        if text.is_empty() { Self::Nobody } else { Self::ExternalId(text.to_owned()) }
    }

    fn mark(&self, organization: OrganizationId) -> Option<Mark> {
        match self {
            Self::Id(id) => Some(Mark::of_id(*id)),
            Self::Name(name) => Some(Mark::of_name(organization, name)),
            Self::ExternalId(text) => Some(Mark::of_external_id(organization, text)),
            Self::Nobody => None,
        }
    }
}

/// Answers look-ups, in their order. However many there are, at most six statements; for one, one
/// statement, another where groups are nested, and another where nobody is found.
pub(crate) async fn answers(
    snapshot: &mut dyn Snapshot,
    organization: &Organization,
    lookups: &[Lookup],
) -> Result<Vec<Answer>, StoreError> {
    let id = organization.id;
    let keys: Vec<_> = lookups.iter().map(|it| Key::of(organization, it)).collect();
    let found = Found::read(snapshot, id, &keys).await?;
    let users: Vec<_> = found.accounts.keys().copied().collect();
    let above = if organization.nested_groups && !users.is_empty() {
        snapshot.access().above(id, &users).await?
    } else {
        Above::default()
    };
    let network = Network::new(&above);
    let mut answers: Vec<_> =
        keys.iter().map(|key| found.answer(organization, key, &network)).collect();
    let missing = keys.iter().zip(&answers).filter(|(_, it)| **it == Answer::Unknown);
    let marks: BTreeSet<_> = missing.filter_map(|(key, _)| key.mark(id)).collect();
    if marks.is_empty() {
        return Ok(answers);
    }
    let marks: Vec<_> = marks.into_iter().collect();
    let departed = snapshot.access().departed(id, &marks).await?;
    let departed: HashMap<_, _> = departed.into_iter().collect();
    for (key, answer) in keys.iter().zip(&mut answers) {
        if *answer == Answer::Unknown
            && let Some(known) = key.mark(id).and_then(|it| departed.get(&it))
        {
            *answer = Answer::Deprovisioned(*known);
        }
    }
    Ok(answers)
}

/// Everybody that look-ups found, and how.
#[derive(Debug, Default)]
struct Found {
    accounts: HashMap<UserId, Account>,
    names: HashMap<String, UserId>,
    external_ids: HashMap<String, Vec<UserId>>,
}

impl Found {
    async fn read(
        snapshot: &mut dyn Snapshot,
        organization: OrganizationId,
        keys: &[Key],
    ) -> Result<Self, StoreError> {
        let (mut ids, mut names) = (BTreeSet::new(), BTreeSet::new());
        let mut external_ids = BTreeSet::new();
        for key in keys {
            match key {
                Key::Id(id) => drop(ids.insert(*id)),
                Key::Name(name) => drop(names.insert(name.clone())),
                Key::ExternalId(text) => drop(external_ids.insert(text.clone())),
                Key::Nobody => {}
            }
        }
        let mut found = Self::default();
        let queries = snapshot.access();
        if !names.is_empty() {
            let names: Vec<_> = names.into_iter().collect();
            for account in queries.by_names(organization, &names).await? {
                found.names.insert(account.user_name_key.clone(), account.user);
                found.accounts.insert(account.user, account);
            }
        }
        if let (1, Some(only)) = (external_ids.len(), external_ids.first()) {
            let accounts = queries.by_external_id(organization, only).await?;
            let users = accounts.iter().map(|it| it.user).collect();
            found.external_ids.insert(only.clone(), users);
            found.accounts.extend(accounts.into_iter().map(|it| (it.user, it)));
        } else if !external_ids.is_empty() {
            let asked: Vec<_> = external_ids.into_iter().collect();
            for (text, user) in queries.have_external_ids(organization, &asked).await? {
                found.external_ids.entry(text).or_default().push(user);
            }
            let unique = found.external_ids.values().filter(|it| it.len() == 1);
            ids.extend(unique.flatten().copied());
        }
        ids.retain(|it| !found.accounts.contains_key(it));
        if !ids.is_empty() {
            let ids: Vec<_> = ids.into_iter().collect();
            let accounts = queries.by_ids(organization, &ids).await?;
            found.accounts.extend(accounts.into_iter().map(|it| (it.user, it)));
        }
        Ok(found)
    }

    fn answer(&self, organization: &Organization, key: &Key, network: &Network<'_>) -> Answer {
        let user = match key {
            Key::Id(id) => Some(*id),
            Key::Name(name) => self.names.get(name.as_str()).copied(),
            Key::ExternalId(text) => match self.external_ids.get(text).map(Vec::as_slice) {
                None | Some([]) => None,
                Some([only]) => Some(*only),
                Some([_, _, ..]) => return Answer::Ambiguous,
            },
            Key::Nobody => None,
        };
        let Some(account) = user.and_then(|it| self.accounts.get(&it)) else {
            return Answer::Unknown;
        };
        let above = network.reached_by(account.user);
        Answer::Known(Access::new(organization, account.clone(), above))
    }
}

/// Remembers a user that the unit deletes.
pub(crate) async fn remember(
    unit: &mut dyn UnitOfWork,
    organization: OrganizationId,
    user: &User,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut marks = vec![Mark::of_id(user.id), Mark::of_name(organization, user.user_name_key())];
    let external_id = user.external_id().filter(|it| !it.is_empty());
    marks.extend(external_id.map(|it| Mark::of_external_id(organization, it)));
    unit.departures().remember(organization, user.id, &marks, now).await
}

/// Forgets the users that were deleted before a moment.
pub(crate) async fn forget(store: &dyn Store, before: Timestamp) -> Result<(), StoreError> {
    let mut unit = store.begin().await?;
    unit.departures().forget(before).await?;
    journal::commit_bookkeeping(unit).await
}
