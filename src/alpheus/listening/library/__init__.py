"""What a listener keeps: favourites, playlists and who may see and change them, what they heard."""
