"""Sign-in with OpenID Connect: authorization code with PKCE, state and nonce; nothing is trusted
that the provider's published keys have not signed for us, now, and for this one sign-in.
"""

from channels._oidc.options import Options
from channels._oidc.sign_in import OidcSignIn
from publisher.signin import SignIn

__all__ = ["Options", "build"]


def build(options: Options) -> SignIn:
    return OidcSignIn(options)
