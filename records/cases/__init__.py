"""Cases: anonymous enquiries, referrals that wait for permission, notes, agreed actions and outcomes of each referral."""
