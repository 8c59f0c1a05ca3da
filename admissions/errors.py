"""Every error this project raises on purpose.

Our exception hierarchy:

* AdmissionsError
  * ContentError        a YAML file of ours says something that cannot be used
    * CentreError       centre.yml
  * SettingsError       an environment variable or .env line
  * StoreError          the database did not do what was asked
    * UnknownHandoff
  * SessionError        a session token
    * SessionExpired
  * DeliveryRefused     a webhook address we will not call
  * StartError          the machine is not ready to start (port, model, Python)

The message names what to mend, because an operator reads it.
"""


class AdmissionsError(Exception):
    """Something this project found wrong; the message says what to mend."""


class ContentError(AdmissionsError):
    """A content file cannot be used."""


class CentreError(ContentError):
    """centre.yml cannot be used."""


class SettingsError(AdmissionsError):
    """A setting cannot be used."""


class StoreError(AdmissionsError):
    """The database did not do what was asked of it."""


class UnknownHandoff(StoreError):
    """No handoff has this id or reference."""


class SessionError(AdmissionsError):
    """The session token was not issued by us or was changed."""


class SessionExpired(SessionError):
    """The session token was ours and is too old."""


class DeliveryRefused(AdmissionsError):
    """The webhook address may not be called."""


class StartError(AdmissionsError):
    """The assistant cannot start on this machine yet."""
