"""Which records speak of the same paper, how they become one, and what the paper is called."""

from assistant.identity.keys import citation_key_stem, key_suffixes
from assistant.identity.matching import Identifier, identity_keys, same_paper
from assistant.identity.merging import merge, record_hash
from assistant.identity.people import family_name, same_person

__all__ = [
    "Identifier",
    "citation_key_stem",
    "family_name",
    "identity_keys",
    "key_suffixes",
    "merge",
    "record_hash",
    "same_paper",
    "same_person",
]
