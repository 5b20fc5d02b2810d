//! Accounts of people at an OpenID Connect issuer, and sign-ins that are under way there.

use super::{
    Store, Stored, Write,
    tables::{identities, oidc_logins as logins},
};
use parley_protocol::{Timestamp, UserId};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

pub struct LoginRow {
    pub state_hash: String,
    /// A digest of the cookie of the browser that began it.
    pub browser_hash: String,
    pub nonce: String,
    pub verifier: String,
    pub return_to: String,
    pub expires_at: Timestamp,
}

impl Store {
    pub async fn user_of_identity(&self, issuer: &str, subject: &str) -> Stored<Option<UserId>> {
        let key = (issuer.to_owned(), subject.to_owned());
        let row = identities::Entity::find_by_id(key).one(&self.db).await?;
        Ok(row.map(|row| UserId(row.user_id)))
    }

    /// Checks whether the person has an account at an issuer, and so can sign in again.
    pub async fn has_identity(&self, user: UserId) -> Stored<bool> {
        let some = identities::Entity::find().filter(identities::Column::UserId.eq(user.0));
        Ok(some.one(&self.db).await?.is_some())
    }
}

impl Write {
    /// Links an account to a person. Fails with `Taken` when it belongs to somebody already.
    pub async fn insert_identity(
        &self,
        issuer: &str,
        subject: &str,
        user: UserId,
        now: Timestamp,
    ) -> Stored<()> {
        let row = identities::ActiveModel {
            issuer: Set(issuer.to_owned()),
            subject: Set(subject.to_owned()),
            user_id: Set(user.0),
            created_at: Set(now.0),
        };
        identities::Entity::insert(row).exec_without_returning(&self.tx).await?;
        Ok(())
    }

    pub async fn insert_login(&self, new: &LoginRow) -> Stored<()> {
        let row = logins::ActiveModel {
            state_hash: Set(new.state_hash.clone()),
            browser_hash: Set(new.browser_hash.clone()),
            nonce: Set(new.nonce.clone()),
            verifier: Set(new.verifier.clone()),
            return_to: Set(new.return_to.clone()),
            expires_at: Set(new.expires_at.0),
        };
        logins::Entity::insert(row).exec_without_returning(&self.tx).await?;
        Ok(())
    }

    /// Takes the sign-in that this browser began with this state. It can be taken only once.
    pub async fn take_login(
        &self,
        state_hash: &str,
        browser_hash: &str,
        now: Timestamp,
    ) -> Stored<Option<LoginRow>> {
        let one = logins::Entity::find_by_id(state_hash)
            .filter(logins::Column::BrowserHash.eq(browser_hash))
            .filter(logins::Column::ExpiresAt.gt(now.0));
        let Some(row) = one.one(&self.tx).await? else { return Ok(None) };
        let taken = logins::Entity::delete_by_id(state_hash).exec(&self.tx).await?;
        Ok((taken.rows_affected == 1).then_some(LoginRow {
            state_hash: row.state_hash,
            browser_hash: row.browser_hash,
            nonce: row.nonce,
            verifier: row.verifier,
            return_to: row.return_to,
            expires_at: Timestamp(row.expires_at),
        }))
    }

    pub async fn delete_expired_logins(&self, now: Timestamp) -> Stored<u64> {
        let old = logins::Entity::delete_many().filter(logins::Column::ExpiresAt.lte(now.0));
        Ok(old.exec(&self.tx).await?.rows_affected)
    }
}
