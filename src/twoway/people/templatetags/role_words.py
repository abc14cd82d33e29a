"""{{ programme|mentor_word }}, {{ membership|role_of }}: a programme's own words for its roles, on any page."""

from django import template

from twoway.people import role_words

register = template.Library()
register.filter("mentor_word", role_words.mentor_word)
register.filter("mentee_word", role_words.mentee_word)
register.filter("role_word", role_words.role_word)
register.filter("role_of", role_words.role_of)
register.filter("mentors_label", role_words.mentors_label)
register.filter("mentees_label", role_words.mentees_label)
register.filter("side_label", role_words.side_label)
