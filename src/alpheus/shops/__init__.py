"""What is for sale, and where: shops, and what they publish."""
